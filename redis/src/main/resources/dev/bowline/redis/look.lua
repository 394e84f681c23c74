-- What is to be known of a session before it is claimed; without one, an empty list.
--
-- KEYS 1 the session
-- Returns token, user, owner, generation, attempt, 1 if it is lost, and 1 if what was kept of it may be.

local found = redis.call('HMGET', KEYS[1], 'token', 'user', 'owner', 'gen', 'attempt', 'lost', 'host')
if not found[1] then
    return {}
end
found[6] = found[6] or '0'
found[7] = found[7] == host() and '0' or '1'
return found
