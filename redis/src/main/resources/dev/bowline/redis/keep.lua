-- Keeps what has become of a session, if it is still the same owner's.
--
-- KEYS 1 the session
-- ARGV 1 generation   2 attempt   3 heard   4 how many parts go   5 … their names   … then name and value of each that is kept
-- Returns 1, or 0 if it has another owner, or is gone.

if not isOf(KEYS[1], ARGV[1]) then
    return { '0' }
end
redis.call('HSET', KEYS[1], 'at', number(millis()), 'attempt', ARGV[2], 'heard', ARGV[3])
local from = 5 + tonumber(ARGV[4])
for i = 5, from - 1 do
    redis.call('HDEL', KEYS[1], 'p:' .. ARGV[i])
end
for i = from, #ARGV, 2 do
    redis.call('HSET', KEYS[1], 'p:' .. ARGV[i], ARGV[i + 1])
end
return { '1' }
