-- Takes members out of a set, and returns some of those that are left.
--
-- KEYS 1 the set
-- ARGV 1 how many at most   2 … which go

for i = 2, #ARGV do
    redis.call('SREM', KEYS[1], ARGV[i])
end
return redis.call('SRANDMEMBER', KEYS[1], ARGV[1])
