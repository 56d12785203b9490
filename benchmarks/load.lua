-- wrk: every request carries a token picked at random; the last line of the output is JSON.
local requests = {}

function init(args)
  for word in io.lines(args[1]) do
    wrk.headers["Authorization"] = "Bearer " .. word
    requests[#requests + 1] = wrk.format("GET")
  end
  math.randomseed(os.time())
end

function request()
  return requests[math.random(#requests)]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.connect + e.read + e.write + e.status + e.timeout))
end
