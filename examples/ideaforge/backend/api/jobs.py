"""`/api/multi-agent/jobs`: take a job, tell how it is, hand out its result, cancel it, list them."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel

from backend import transitions
from backend.api.service import Service, problem, service_of
from backend.models.instants import now
from backend.models.schemas import JobList, JobRequest, JobResultResponse, JobStatusResponse

PATH = "/api/multi-agent/jobs"
router = APIRouter(prefix=PATH, tags=["jobs"])
Serving = Annotated[Service, Depends(service_of)]
_PROBLEM: dict[str, Any] = {"description": "`detail` has `code` and `message`"}
_ABSENT: dict[int | str, dict[str, Any]] = {404: _PROBLEM, 410: _PROBLEM, 503: _PROBLEM}


@router.post("", status_code=202, response_model=JobStatusResponse, responses={503: _PROBLEM})
async def submit(
    request: JobRequest,
    service: Serving,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=128, pattern="^[!-~]+$")] = None,
) -> Response:
    """Take a job; `Location` is where its status is, `Retry-After` when to ask for it.

    With an `Idempotency-Key`, an order that is sent again is the same job, for as long as that is kept; so one that had no
    answer, or 503, is sent again with its key. The key of another order is refused (422, `key_used`).
    """
    status = (await service.submit(request, idempotency_key)).status
    headers = {"Location": f"{PATH}/{status.id}", "Retry-After": str(service.interval_s)}
    return _answer(status, 202, headers)


@router.get("", response_model=JobList)
async def list_jobs(
    service: Serving,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(pattern="^[0-9a-v]{32}$")] = None,
) -> Response:
    """Jobs, the newest first."""
    records, following = await service.store.page(limit, cursor)
    return _answer(JobList(jobs=[each.status for each in records], next=following))


@router.get("/{job_id}", response_model=JobStatusResponse, responses=_ABSENT | {429: _PROBLEM})
async def status(job_id: str, service: Serving) -> Response:
    """How a job is: what a page polls. `Retry-After` in a 200: there is much to do, ask again later than the settings say."""
    why = service.gate.refusal()
    if why is not None:
        service.metrics.refused.labels(why).inc()
        raise problem(429, "busy", "too many polls: ask again later", service.gate.retry_after_s())
    begun = time.perf_counter()
    service.gate.in_flight += 1
    service.metrics.polls_in_flight.inc()
    try:
        record = await service.store.read(job_id)
    finally:
        service.gate.in_flight -= 1
        service.metrics.polls_in_flight.dec()
        service.metrics.seconds.observe(time.perf_counter() - begun)
    if record is None:
        raise await service.absent(job_id)
    later_s = None if record.status.state.is_final else service.gate.advice_s()
    return _answer(record.status, headers=None if later_s is None else {"Retry-After": str(later_s)})


@router.get("/{job_id}/result", response_model=JobResultResponse, responses=_ABSENT | {409: _PROBLEM})
async def result(job_id: str, service: Serving) -> Response:
    """What a job returned; 409 while there is nothing, or where there will be nothing."""
    record, found = await service.store.read_with_result(job_id)
    if record is None:
        raise await service.absent(job_id)
    if found is None:
        raise problem(409, record.status.state.value, f"the job is {record.status.state}: it has no result")
    return _answer(found)


@router.delete("/{job_id}", status_code=202, response_model=JobStatusResponse, responses=_ABSENT)
async def cancel(job_id: str, service: Serving) -> Response:
    """Cancel a job; one that is over stays as it is. The worker stops at its next sign of life."""
    record, _ = await service.store.change(job_id, lambda it: transitions.cancelled(it, now()))
    if record is None:
        raise await service.absent(job_id)
    return _answer(record.status, 202)


def _answer(message: BaseModel, status_code: int = 200, headers: dict[str, str] | None = None) -> Response:
    text = message.model_dump_json()
    return Response(text, status_code, {"Cache-Control": "no-store"} | (headers or {}), "application/json")
