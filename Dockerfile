# One image for every role: `docker run … regional-talent-hub ingest`. Kafka is not in it: see docker-compose.yml.
FROM python:3.11-slim AS build
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /app
# Dependencies first: they change less often than the code.
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --locked --no-dev --no-install-project
COPY hub hub
COPY ops/kafka ops/kafka
RUN uv sync --locked --no-dev --no-editable

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 hub && install -d -o hub -g hub /state
COPY --from=build /app/.venv /app/.venv
COPY ops/ready.py /app/ops/ready.py
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 HUB_STATE_DIR=/state
USER hub
VOLUME /state
ENTRYPOINT ["hub"]
CMD ["--help"]
