-- Reads what a log keeps behind an offset.
--
-- KEYS 1 state   2 messages
-- ARGV 1 now, in ms; empty for the server's clock   2 the epoch of a log that begins
--      3 the first offset   4 most bytes, but for the first message; 0 for the state alone
--      5 how long the log is remembered, behind its greatest age
-- Returns the epoch, begin, end, former epochs, the name, and of each message the offset, the payload and the key.

local now = clock(ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 1 then
    -- A Redis that is full lets this pass, and with it what else is written here: what is kept must stay readable.
    redis.call('PEXPIRE', KEYS[1], ARGV[5])
end
local log = open(KEYS[1], ARGV[2])
if log.maxAge then
    trim(log, KEYS[1], KEYS[2], math.huge, math.huge, now)
end
local keep = number((log.maxAge or 0) + tonumber(ARGV[5]))
redis.call('PEXPIRE', KEYS[1], keep)
redis.call('PEXPIRE', KEYS[2], keep)

local found = { log.epoch, number(log.first), number(log.last), log.former, log.name }
local room = tonumber(ARGV[4])
local next = math.max(tonumber(ARGV[3]), log.first)
local taken = 0
while taken < room and next <= log.last do
    local messages = redis.call('XRANGE', KEYS[2], number(next) .. '-0', '+', 'COUNT', 64)
    if #messages == 0 then
        break
    end
    for _, message in ipairs(messages) do
        local kept = fields(message)
        if taken > 0 and taken + tonumber(kept.s) > room then
            return found
        end
        taken = taken + tonumber(kept.s)
        next = tonumber(string.match(message[1], '%d+')) + 1
        found[#found + 1] = number(next - 1)
        found[#found + 1] = kept.p
        found[#found + 1] = kept.k
    end
end
return found
