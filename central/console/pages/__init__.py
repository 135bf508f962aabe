"""The pages, one module a domain, listed in `central.console.site.PAGES`.

    router = APIRouter(prefix="/console/fees")

    @router.get("/{voucher_no}")
    def get_fee(request: Request, user: Clerk, centre: Here, voucher_no: str) -> Response:
        return page(request, user, "fees/fee.html", fee=...)

    @router.post("/{voucher_no}")
    def post_fee(request: Request, user: Clerk, centre: Here, ...) -> Response:
        ...                                            # a ProblemError comes back as a note
        return go(request, f"/console/fees/{voucher_no}", N_("已结清 {amount} 元"), amount=...)

`page`, `go` are of `render`, `Clerk`, `needs`, `SignedIn` of `access`, `N_` of `words`. A template
extends `base.html` with the blocks `title` and `main`; a form is `method="post"` and holds
`{{ csrf() }}`; with `hx-boost="true"` what was typed stays when it is refused. Only htmx requests
without a form need no field: `base.html` sends the token as a header.
"""
