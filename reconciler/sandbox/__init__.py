"""A stand-in for the 3Commas API: a local exchange and a server that speaks the SmartTrade API on the wire.

It shares no code with the rest of the package on purpose: client and sandbox meet on the wire only, so that one
misreading of the API cannot be wrong on both sides with every test green.

`exchange.Sandbox` is the local exchange, `app.create_app` the WSGI application over it, `server.serve` the server.
"""
