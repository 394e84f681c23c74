-- Gives a session another owner, if nobody was quicker. Done again, it says the same again.
--
-- KEYS 1 the session
-- ARGV 1 its generation, as the claimant has seen it   2 the new owner   3 attempt   4 1 if all that was kept must be there
-- Returns 1, the new generation, age in ms, heard, and the parts; or 0.

local found = redis.call('HMGET', KEYS[1], 'gen', 'owner', 'attempt', 'host')
if not found[1] or (ARGV[4] == '1' and found[4] ~= host()) then
    return { '0' }
end
local next = number(tonumber(ARGV[1]) + 1)
if found[1] == ARGV[1] then
    redis.call('HSET', KEYS[1], 'owner', ARGV[2], 'gen', next, 'attempt', number(math.max(tonumber(ARGV[3]), tonumber(found[3]))))
    redis.call('HDEL', KEYS[1], 'over')
elseif found[1] ~= next or found[2] ~= ARGV[2] then
    return { '0' }
end
return parts(KEYS[1], { '1', next, age(KEYS[1]), redis.call('HGET', KEYS[1], 'heard') })
