-- A session is over, says its owner.
--
-- KEYS 1 the session
-- ARGV 1 generation   2 what the owner's name begins with
-- Returns 1; or 0 if it has another owner.

if redis.call('EXISTS', KEYS[1]) == 1 and isTaken(KEYS[1], ARGV[1], ARGV[2]) then
    return { '0' }
end
redis.call('DEL', KEYS[1])
return { '1' }
