-- KEYS 1 a set
-- Returns its members.

return redis.call('SMEMBERS', KEYS[1])
