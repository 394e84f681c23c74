-- Says something to all sessions of a user: to those that are on their way, when they arrive.
--
-- KEYS 1 the user's sessions (hash)   2 the number of the latest message to them   3 the latest messages (list)   4 the latest revoke
-- ARGV 1 the message   2 1 for a revoke   3 for how many ms it is for those that arrive   4 how many there are of these   5 how many ms
--      the number is known
-- Returns the message's number, then id and owner of each session. Numbers go on with the clock, so that they grow where the last one is not known.

local time = redis.call('TIME')
local clock = tonumber(time[1]) * 1000000 + tonumber(time[2])
local number = string.format('%.0f', math.max(clock, tonumber(redis.call('GET', KEYS[2]) or '0') + 1))
local message = number .. ' ' .. ARGV[1]
redis.call('SET', KEYS[2], number, 'PX', ARGV[5])
if ARGV[2] == '1' then
    redis.call('SET', KEYS[4], message, 'PX', ARGV[3])
end
redis.call('RPUSH', KEYS[3], message)
redis.call('LTRIM', KEYS[3], -tonumber(ARGV[4]), -1)
redis.call('PEXPIRE', KEYS[3], ARGV[3])
local found = redis.call('HGETALL', KEYS[1])
table.insert(found, 1, number)
return found
