-- Appends a message to a log and tells the nodes that follow it: in one step, and once, however often it is tried.
--
-- KEYS 1 state   2 messages   3 the publishers' last numbers (hash)   4 since when (sorted set)
-- ARGV 1 now, in ms; empty for the server's clock   2 the epoch of a log that begins
--      3 what subscribers call the topic   4 the payload behind "t" or "b"   5 the key behind "k"; empty for none
--      6 most messages   7 most bytes   8 greatest age, in ms
--      9 who publishes   10 the number that it gives to this message
--      11 how long publishers are remembered   12 how long the log is, behind its greatest age
--      13 the channel of those who follow
-- Returns the epoch and the offset.
--
-- A Redis that is full refuses a script's first write, and no later one: so the first here is one that it would refuse.

local now = clock(ARGV[1])
local log = open(KEYS[1], ARGV[2])

local last = redis.call('HGET', KEYS[3], ARGV[9])
if last then
    local lastNumber, lastOffset = string.match(last, '(%d+) (%d+)')
    if ARGV[10] == lastNumber then
        return { log.epoch, lastOffset }
    elseif tonumber(ARGV[10]) < tonumber(lastNumber) then
        local before = tonumber(lastOffset) - 1
        while before >= log.first do
            local older = redis.call('XREVRANGE', KEYS[2], number(before) .. '-0', '-', 'COUNT', 100)
            for _, message in ipairs(older) do
                if fields(message).o == ARGV[9] .. ' ' .. ARGV[10] then
                    return { log.epoch, string.match(message[1], '%d+') }
                end
            end
            before = #older == 100 and tonumber(string.match(older[100][1], '%d+')) - 1 or 0
        end
        return { log.epoch, number(log.first - 1) } -- it was there, and is not kept any more
    end
end

log.last = log.last + 1
log.name, log.maxAge = ARGV[3], tonumber(ARGV[8])
local offset = number(log.last)
local size = 5 + #ARGV[3] + #offset + (#ARGV[4] > 1 and #ARGV[4] or 0) -- of the message "pub NAME OFFSET" and its payload
redis.call('XADD', KEYS[2], offset .. '-0', 't', number(now), 's', size, 'p', ARGV[4], 'k', ARGV[5], 'o', ARGV[9] .. ' ' .. ARGV[10])
log.bytes = log.bytes + size
redis.call('HSET', KEYS[1], 'end', offset, 'bytes', number(log.bytes), 'name', log.name, 'maxAge', ARGV[8])
trim(log, KEYS[1], KEYS[2], tonumber(ARGV[6]), tonumber(ARGV[7]), now)

redis.call('HSET', KEYS[3], ARGV[9], ARGV[10] .. ' ' .. offset)
redis.call('ZADD', KEYS[4], now, ARGV[9])
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now - tonumber(ARGV[11]), 'LIMIT', 0, 2)) do
    redis.call('ZREM', KEYS[4], old)
    redis.call('HDEL', KEYS[3], old)
end

local keep = number(log.maxAge + tonumber(ARGV[12]))
for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, keep)
end
redis.call('PUBLISH', ARGV[13], log.epoch .. ' ' .. offset .. ' ' .. log.name .. ' ' .. #ARGV[5] .. '\n' .. ARGV[5] .. ARGV[4])
return { log.epoch, offset }
