"""A bank simulation: accounts, transactions as context managers, an audit log."""


class BankError(Exception):
    pass


class InsufficientFunds(BankError):
    def __init__(self, account, amount):
        super().__init__(f"{account.owner} has {account.balance}, needs {amount}")
        self.missing = amount - account.balance


class Account:
    count = 0

    def __init__(self, owner, balance=0):
        type(self).count += 1
        self.owner = owner
        self._balance = balance

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, value):
        if value < self.limit():
            raise InsufficientFunds(self, self._balance - value)
        self._balance = value

    def limit(self):
        return 0

    def __repr__(self):
        return f"{type(self).__name__}({self.owner!r}, {self.balance})"


class CreditAccount(Account):
    count = 0

    def __init__(self, *args, credit, **kwargs):
        super().__init__(*args, **kwargs)
        self.credit = credit

    def limit(self):
        return super().limit() - self.credit


class Transaction:
    """Puts the balances back unless the body ends well."""

    depth = 0

    def __init__(self, bank, *accounts):
        self.bank = bank
        self.accounts = accounts

    def __enter__(self):
        Transaction.depth += 1
        self.saved = [account.balance for account in self.accounts]
        return self

    def __exit__(self, kind, error, traceback):
        Transaction.depth -= 1
        if kind is None:
            self.bank.log("commit", *self.accounts)
            return
        for account, balance in zip(self.accounts, self.saved):
            account._balance = balance
        self.bank.log("rollback", kind.__name__)
        return issubclass(kind, BankError)


class Bank:
    def __init__(self):
        self.accounts = {}
        self.entries = []

    def open(self, owner, balance=0, *, credit=None):
        account = (
            Account(owner, balance)
            if credit is None
            else CreditAccount(owner, balance, credit=credit)
        )
        self.accounts[owner] = account
        return account

    def log(self, kind, *details):
        self.entries.append((len(self.entries), kind, *map(str, details)))

    def transfer(self, source, target, amount):
        a, b = self.accounts[source], self.accounts[target]
        with Transaction(self, a, b):
            b.balance += amount
            if amount > 1000:
                raise BankError("limit")
            a.balance -= amount
            return True
        return False

    def history(self, kind=None):
        for entry in self.entries:
            if kind is None or entry[1] == kind:
                yield entry


bank = Bank()
bank.open("ann", 100)
bank.open("bob")
bank.open("cy", credit=50)
print(bank.transfer("ann", "bob", 70), bank.transfer("ann", "bob", 70), bank.transfer("cy", "ann", 50))
print(bank.transfer("ann", "bob", 5000))
try:
    bank.transfer("ann", "nobody", 1)
except KeyError as error:
    print("no account", error)
try:
    with Transaction(bank, bank.accounts["bob"]) as outer:
        outer.accounts[0].balance -= 10
        with Transaction(bank, bank.accounts["cy"]):
            print("depth", Transaction.depth)
            1 / 0
except ZeroDivisionError:
    print("depth", Transaction.depth)
try:
    bank.accounts["bob"].balance -= 1000
except InsufficientFunds as error:
    print(error, error.missing)
print(list(bank.accounts.values()), Account.count, CreditAccount.count)
for number, kind, *details in bank.history():
    print(number, kind, details)
print(len(list(bank.history("rollback"))))
