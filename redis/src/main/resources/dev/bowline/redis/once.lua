-- Takes a key for a time, if it is free.
--
-- KEYS 1 the key
-- ARGV 1 who asks: another name each time   2 how many ms it is taken
-- Returns 1 if it was free, also to the same one who asks again; or 0.

if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
    return { '1' }
end
return { redis.call('GET', KEYS[1]) == ARGV[1] and '1' or '0' }
