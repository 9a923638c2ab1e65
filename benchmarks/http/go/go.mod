module chant-server.dev/benchmarks/http

go 1.19
