-- A process goes, and knows it.
--
-- KEYS 1 the processes   2 those that are gone
-- ARGV 1 its name   2 in how many ms it is swept

if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then
    redis.call('ZADD', KEYS[2], number(math.floor(micros() / 1000) + tonumber(ARGV[2])), ARGV[1])
end
return {}
