def f(a):
    try:
        a()
    except A as e:
        return e
    except (B, C):
        raise
    except:
        raise E from a
    else:
        b = 1
    finally:
        c = 2
    try:
        return a
    finally:
        c = 3
    for i in a:
        try:
            continue
        finally:
            try:
                break
            except A:
                pass


def g():
    try:
        a()
    except* A as e:
        b()
    except* B:
        c()
    else:
        d()
    finally:
        e()
