-- Which processes have said something of a topic's presence, as long as nobody has cleared that away.
--
-- KEYS 1 roll

local found = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    found[#found + 1] = string.match(field, '^p:(.*)$')
end
return found
