-- A user has read the mailbox up to an offset.
--
-- KEYS 1 how far it was read
-- ARGV 1 offset   2 how many ms that is known
-- Returns how far it was read now.

local read = number(math.max(tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or '0')))
if read ~= '0' then
    redis.call('SET', KEYS[1], read, 'PX', ARGV[2])
end
return { read }
