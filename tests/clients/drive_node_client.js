// Drives the published client 3commas-api-node, told nothing but the base URL; prints what it answered as JSON.
"use strict";

const Client = require("3commas-api-node");

const [url, apiKey, apiSecret] = process.argv.slice(2);

async function main() {
  const client = new Client({ url, apiKey, apiSecret, forcedMode: "paper" });
  const accounts = await client.accounts();
  const markets = await client.accountsMarketList();
  const created = await client.createSmartTradesV2({
    account_id: accounts[0].id,
    pair: "USDT_BTC",
    position: { type: "buy", order_type: "limit", units: { value: "0.01" }, price: { value: "60000" } },
    take_profit: { enabled: false },
    stop_loss: {
      enabled: true,
      order_type: "market",
      conditional: { price: { type: "last", value: 58500 } },
    },
    note: "sent by a Node client & kept",
  });
  const path = `/public/api/v2/smart_trades/${created.id}`;
  const listed = await client.smartTradesV2({ status: "active", per_page: 5 });
  const noted = await client.makeRequest("POST", `${path}/set_note?`, { note: "another one" });
  const shown = await client.makeRequest("GET", `${path}?`, null);
  const cancelled = await client.makeRequest("DELETE", `${path}?`, null);
  const ended = await client.makeRequest("GET", `${path}?`, null);
  const refused = await client.createSmartTradesV2({
    account_id: accounts[0].id,
    pair: "USDT_BTC",
    position: { type: "buy", order_type: "market", units: { value: "0.01" } },
    take_profit: { enabled: true, steps: [{ order_type: "limit", volume: 100, price: { value: 70000 } }] },
    stop_loss: { enabled: false },
  });
  const unsigned = await new Client({ url, apiKey, apiSecret: "wrong" }).accounts();
  console.log(
    JSON.stringify({ accounts, markets, created, listed, noted, shown, cancelled, ended, refused, unsigned })
  );
}

main();
