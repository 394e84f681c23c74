-- Keeps what has become of a session, if it is still the same owner's.
--
-- KEYS 1 the session
-- ARGV 1 generation   2 what the owner's name begins with   3 owner   4 attempt   5 heard   6 1 if these are all parts
--      7 how many parts go   8 … their names   … then name and value of each that is kept
-- Returns DONE; or TAKEN if it has another owner, or is gone; or INCOMPLETE if what was kept before may have been lost.

if isTaken(KEYS[1], ARGV[1], ARGV[2]) then
    return { 'TAKEN' }
end
local here = host()
local found = redis.call('HMGET', KEYS[1], 'gen', 'host', 'attempt')
if ARGV[6] == '1' then
    dropParts(KEYS[1])
    redis.call('HSET', KEYS[1], 'owner', ARGV[3], 'gen', ARGV[1], 'host', here)
elseif found[1] ~= ARGV[1] or found[2] ~= here then
    return { 'INCOMPLETE' }
end
redis.call('HSET', KEYS[1], 'at', number(millis()), 'attempt', number(math.max(tonumber(ARGV[4]), tonumber(found[3]))),
    'heard', ARGV[5])
local from = 8 + tonumber(ARGV[7])
for i = 8, from - 1 do
    redis.call('HDEL', KEYS[1], 'p:' .. ARGV[i])
end
for i = from, #ARGV, 2 do
    redis.call('HSET', KEYS[1], 'p:' .. ARGV[i], ARGV[i + 1])
end
return { 'DONE' }
