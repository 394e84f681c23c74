-- Publishes a mark behind all that the server of a key has published.
--
-- KEYS 1 the key
-- ARGV 1 the channel   2 the mark

redis.call('PUBLISH', ARGV[1], ARGV[2])
return {}
