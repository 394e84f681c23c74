-- A session is over, says its owner.
--
-- KEYS 1 the session
-- ARGV 1 generation
-- Returns 1; or 0 if it has another owner.

if not isOf(KEYS[1], ARGV[1]) then
    return { redis.call('EXISTS', KEYS[1]) == 0 and '1' or '0' }
end
redis.call('DEL', KEYS[1])
return { '1' }
