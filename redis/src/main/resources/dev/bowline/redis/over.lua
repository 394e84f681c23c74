-- Takes a session out that nobody has claimed in time: for the one who gets it, and nobody else.
--
-- KEYS 1 the session
-- ARGV 1 what the owner's name begins with, as whose session it ends whenever this is called; empty for one that is nobody's, and due
-- Returns 1, 1 if it was lost before, token, user, age, and the parts; or 0, and when it is due, or nothing.

local found = redis.call('HMGET', KEYS[1], 'owner', 'over', 'lost', 'token', 'user')
if not found[1] then
    return { '0' }
end
if ARGV[1] == '' then
    if found[1] ~= '' or not found[2] then
        return { '0' }
    elseif tonumber(found[2]) > millis() then
        return { '0', found[2] }
    end
elseif string.sub(found[1], 1, #ARGV[1]) ~= ARGV[1] then
    return found[1] == '' and found[2] and { '0', found[2] } or { '0' }
end
local all = parts(KEYS[1], { '1', found[3] or '0', found[4], found[5], age(KEYS[1]) })
redis.call('DEL', KEYS[1])
return all
