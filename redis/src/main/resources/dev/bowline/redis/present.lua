-- Who is in a topic.
--
-- KEYS 1 present   2 roll
-- Returns the epoch, "" for none yet, and the number of the last change, and the users.

local known = redis.call('HMGET', KEYS[2], 'epoch', 'number')
local found = redis.call('HKEYS', KEYS[1])
table.insert(found, 1, known[1] or '')
table.insert(found, 2, known[2] or '0')
return found
