# Ends only if somebody ends it.
while True:
    pass
