-- What the scripts of processes and of presence have in common; it stands before each of them.

local function number(value)
    return string.format('%.0f', value)
end

-- The server's clock, in microseconds.
local function micros()
    local time = redis.call('TIME')
    return tonumber(time[1]) * 1000000 + tonumber(time[2])
end
