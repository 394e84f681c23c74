-- KEYS 1 any, so that it has a slot
-- Returns the server's time, in ms.

return { number(millis()) }
