-- An owner goes, and leaves a session as it was kept. Done again, it does nothing.
--
-- KEYS 1 the session
-- ARGV 1 generation   2 how many ms it may be nobody's   3 heard   4 1 if it can't go on, as it was not kept
--      5 what the owner's name begins with
-- Returns 1, the new generation, and when it is over, in ms; or 0 if it has another owner, or is gone.

local found = redis.call('HMGET', KEYS[1], 'gen', 'owner', 'over')
local next = number(tonumber(ARGV[1]) + 1)
if found[1] == next and found[2] == '' then
    return { '1', next, found[3] }
elseif found[1] ~= ARGV[1] or string.sub(found[2], 1, #ARGV[5]) ~= ARGV[5] then
    return { '0' }
end
local over = number(millis() + tonumber(ARGV[2]))
redis.call('HSET', KEYS[1], 'owner', '', 'gen', next, 'heard', ARGV[3], 'over', over)
if ARGV[4] == '1' then
    dropParts(KEYS[1])
    redis.call('HSET', KEYS[1], 'lost', '1')
end
return { '1', next, over }
