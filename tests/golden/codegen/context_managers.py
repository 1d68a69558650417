def f(a):
    with a:
        pass
    with a as b, c as (d, e):
        return b
    for i in a:
        with i as j:
            if j:
                break
            continue
    with a:
        raise b


async def g(a):
    async with a as b:
        await b
    async for x in a:
        yield x
    else:
        pass
    return
