-- KEYS 1 the user's sessions (hash)
-- Returns id, owner and whether it has a connection, of each.

return redis.call('HGETALL', KEYS[1])
