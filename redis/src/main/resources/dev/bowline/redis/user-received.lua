-- A user has received the mailbox up to a cursor.
--
-- KEYS 1 how far it was received (hash)   2 which processes wait for that, and until when (sorted set)
-- ARGV 1 epoch   2 offset   3 how many ms that is known
-- Returns the processes that wait.

local known = redis.call('HMGET', KEYS[1], 'epoch', 'offset')
if known[1] ~= ARGV[1] or tonumber(known[2]) < tonumber(ARGV[2]) then
    redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'offset', ARGV[2])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', number(millis()))
return redis.call('ZRANGE', KEYS[2], 0, -1)
