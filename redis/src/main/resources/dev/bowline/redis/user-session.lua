-- Something has changed of a user's session, says its owner.
--
-- KEYS 1 the user's sessions (hash)
-- ARGV 1 id   2 what the owner's name begins with; empty for whoever   3 owner, and behind a space 1 if it has a connection; empty if it is over
-- Returns how many sessions the user has.

local now = redis.call('HGET', KEYS[1], ARGV[1])
if now and string.sub(now, 1, #ARGV[2]) == ARGV[2] then
    if ARGV[3] == '' then
        redis.call('HDEL', KEYS[1], ARGV[1])
    else
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
    end
end
return { redis.call('HLEN', KEYS[1]) }
