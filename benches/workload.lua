-- Lines, calls, loops and branches in Lua, for what one event of its hooks costs (benches/events.py).

local function fib(n)
  if n < 2 then
    return n
  end
  return fib(n - 1) + fib(n - 2)
end

local function loops(n)
  local total = 0
  local i = 0
  local x = 0.5
  while i < n do
    total = (total + i * 7) % 10007
    x = 3.7 * x * (1.0 - x)
    i = i + 1
  end
  for j = 0, n - 1 do
    if j % 3 ~= 0 then
      total = total + j
    end
  end
  return total, x
end

local function text(n)
  local counts = {}
  for i = 0, n - 1 do
    local word = "w" .. i % 17
    counts[word] = (counts[word] or 0) + 1
  end
  return counts
end

function main()
  return fib(14), loops(400), text(100)
end
