-- An owner has another name, or says again that it is.
--
-- KEYS 1 the session
-- ARGV 1 generation   2 what the owner's name begins with   3 owner
-- Returns 1; or 0 if it has another owner, or is gone.

if isTaken(KEYS[1], ARGV[1], ARGV[2]) then
    return { '0' }
end
redis.call('HSET', KEYS[1], 'owner', ARGV[3], 'gen', ARGV[1])
return { '1' }
