-- A process waits until a user has received more of the mailbox.
--
-- KEYS 1 how far it was received (hash)   2 which processes wait for that, and until when (sorted set)
-- ARGV 1 the process; empty for nobody   2 for how many ms
-- Returns epoch and offset, if any were received.

if ARGV[1] ~= '' then
    redis.call('ZADD', KEYS[2], number(millis() + tonumber(ARGV[2])), ARGV[1])
    redis.call('PEXPIRE', KEYS[2], ARGV[2])
end
local known = redis.call('HMGET', KEYS[1], 'epoch', 'offset')
return known[1] and known or {}
