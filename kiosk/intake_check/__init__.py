"""Does a unified intake keep the contract: a verdict a module, and what to mend.

What may be done here: ask a running intake over the terminal's own certificate, and say of each
rule of ``docs/integrator.md`` whether it is kept. The same checks are run by ``kiosk intake-check``
against any address and by our tests against the reference intake.

Theory of operation
-------------------
A check is one function over a `Stand` (`kiosk.intake_check.stand`): it returns when the rule is
kept, and raises `Failed` with a case when it is not; errors of the gateway are turned into cases by
`kiosk.intake_check.examination`, so that "answers 500", "answers nothing" and "answers nonsense"
are told apart everywhere alike.

Checks that only read are run always. They ask for data of a synthetic person alone (division prefix
40, assigned to nobody). Checks that write are run when asked for, by a terminal whose name says
that it is for tests: they file one application of the synthetic person 联调测试, and what they try
to get past the intake beside it is refused by one that keeps the contract.
"""
