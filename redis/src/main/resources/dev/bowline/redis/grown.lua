-- KEYS 1 which topic has grown when (sorted set)
-- ARGV 1 since when, in ms   2 the first of those to return   3 how many at most
-- Returns topics that have grown.

return redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], '+inf', 'LIMIT', ARGV[2], ARGV[3])
