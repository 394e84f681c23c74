-- A user has a session, and its owner is this.
--
-- KEYS 1 the user's sessions (hash)   2 the number of the latest message to them   3 the latest messages (list)   4 the latest revoke
-- ARGV 1 id   2 owner, and behind a space 1 if it has a connection   3 the number of the latest message that it was told; empty for a new one
-- Returns the number of the latest message, and those messages that it was not told, each behind its number and a space.

redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local found = { redis.call('GET', KEYS[2]) or '0' }
if ARGV[3] ~= '' then
    local heard = tonumber(ARGV[3])
    local kept = redis.call('LRANGE', KEYS[3], 0, -1)
    local revoke = redis.call('GET', KEYS[4])
    if revoke then
        table.insert(kept, 1, revoke) -- where it stands in the list too, it comes twice, which does no harm
    end
    for _, message in ipairs(kept) do
        if tonumber(string.match(message, '^%d+')) > heard then
            found[#found + 1] = message
        end
    end
end
return found
