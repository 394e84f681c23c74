-- An owner gives a session up, and says all that is to be known of it. Done again, it does nothing.
--
-- KEYS 1 the session
-- ARGV 1 generation   2 how many ms it may be nobody's   3 heard   4 what the owner's name begins with   5 … name and value of each part
-- Returns 1, the new generation, and when it is over, in ms; or 0 if it has another owner, or is gone.

local found = redis.call('HMGET', KEYS[1], 'gen', 'owner', 'over')
local next = number(tonumber(ARGV[1]) + 1)
if found[1] == next and found[2] == '' then
    return { '1', next, found[3] }
elseif found[1] ~= ARGV[1] or string.sub(found[2], 1, #ARGV[4]) ~= ARGV[4] then
    return { '0' }
end
local now = millis()
local over = number(now + tonumber(ARGV[2]))
dropParts(KEYS[1])
for i = 5, #ARGV, 2 do
    redis.call('HSET', KEYS[1], 'p:' .. ARGV[i], ARGV[i + 1])
end
redis.call('HSET', KEYS[1], 'owner', '', 'gen', next, 'at', number(now), 'heard', ARGV[3], 'over', over,
    'host', host())
return { '1', next, over }
