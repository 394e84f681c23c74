-- In which topics a process has seats, so that these are found when it is gone.
--
-- KEYS 1 the topics (set)
-- ARGV 1 "+" or "-" for a topic that is put in or taken out   2 the topic   3 how long the set is kept, in ms
-- Without a topic, returns them all.

if not ARGV[2] then
    return redis.call('SMEMBERS', KEYS[1])
end
redis.call(ARGV[1] == '+' and 'SADD' or 'SREM', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {}
