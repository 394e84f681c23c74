-- A session that was due needs nobody's attention any more, but where it has become nobody's again.
--
-- KEYS 1 who is over when (sorted set)
-- ARGV 1 the time up to which it was due   2 id   3 when it is due; empty for never

if ARGV[3] ~= '' then
    redis.call('ZADD', KEYS[1], ARGV[3], ARGV[2])
else
    local due = redis.call('ZSCORE', KEYS[1], ARGV[2])
    if due and tonumber(due) <= tonumber(ARGV[1]) then
        redis.call('ZREM', KEYS[1], ARGV[2])
    end
end
return {}
