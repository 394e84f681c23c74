-- A process says that it is alive, and learns who is and who is not.
--
-- KEYS 1 the processes (sorted set: name, end of the lease in ms of the server's clock)
--      2 those that are gone (sorted set: name, when it is to be swept)   3 when any process was heard last, in ms
-- ARGV 1 its name   2 how long a lease is, in ms   3 how long after a process is gone it is swept
--      4 1 if the name is new   5 how long a sweep may take before another process tries
-- Returns whether it has its lease, the server's history and clock in microseconds, and lists of those that are alive, that are gone, and that it is to sweep.

local time = micros()
local now = math.floor(time / 1000)
local name, lease = ARGV[1], tonumber(ARGV[2])

-- If nobody was heard for long, it was not the processes that were away, but Redis: none is given up for that.
local heard = redis.call('GET', KEYS[3])
if heard and now - tonumber(heard) > lease / 2 then
    for _, one in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
        redis.call('ZADD', KEYS[1], 'GT', number(now + lease), one)
    end
end
redis.call('SET', KEYS[3], number(now))

local holds = redis.call('ZSCORE', KEYS[1], name) or (ARGV[4] == '1' and not redis.call('ZSCORE', KEYS[2], name))
if holds then
    redis.call('ZADD', KEYS[1], number(now + lease), name)
end

for _, one in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. number(now), 'LIMIT', 0, 100)) do
    redis.call('ZREM', KEYS[1], one)
    redis.call('ZADD', KEYS[2], number(now + tonumber(ARGV[3])), one)
end

local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', number(now), 'LIMIT', 0, 8)
for _, one in ipairs(due) do
    redis.call('ZADD', KEYS[2], number(now + tonumber(ARGV[5])), one)
end

return {
    holds and '1' or '0',
    string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)'),
    number(time),
    redis.call('ZRANGE', KEYS[1], 0, -1),
    redis.call('ZRANGE', KEYS[2], 0, 999),
    due
}
