-- Makes a session, which has an owner.
--
-- KEYS 1 the session
-- ARGV 1 token   2 user, behind "u"; empty for none   3 owner   4 heard

redis.call('HSET', KEYS[1], 'token', ARGV[1], 'user', ARGV[2], 'owner', ARGV[3], 'gen', 1, 'attempt', 0,
    'at', number(millis()), 'heard', ARGV[4], 'host', host())
return { '1' }
