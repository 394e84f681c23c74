-- An owner has another name.
--
-- KEYS 1 the session
-- ARGV 1 generation   2 owner
-- Returns 1; or 0 if it has another owner, or is gone.

if not isOf(KEYS[1], ARGV[1]) then
    return { '0' }
end
redis.call('HSET', KEYS[1], 'owner', ARGV[2])
return { '1' }
