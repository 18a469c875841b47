"""A local stand-in for the 3Commas API: an exchange, and a server that speaks the SmartTrade API on the wire.

It shares no code with the rest of the package on purpose: client and sandbox meet on the wire only, so one misreading
of the API cannot be wrong on both sides while every test is green. `README.md` says what it simulates.

`exchange.exchange.Sandbox` is the local exchange, `wire.app.create_app` the WSGI application over it, and
`wire.server.serve` the server. Its layers, each of which imports only those before it: `values`, `engine`, `requests`,
`store`, `exchange`, `entities`, `wire`.
"""
