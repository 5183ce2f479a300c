# The shop in one image, for amd64 and arm64: docker build --tag clubfront .
# Everything it keeps is in /storage; its database too, unless DATABASE_URL names another.

FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm AS built
WORKDIR /app
RUN python -m venv .venv
COPY requirements.txt ./
RUN .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps \
    --only-binary :all: -r requirements.txt
COPY --from=modules /app/node_modules node_modules
COPY . .
RUN .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --editable . \
    && .venv/bin/python static/build.py \
    && rm -rf node_modules \
    && .venv/bin/python -m compileall -q components web piccolo_migrations .venv/lib

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --user-group --no-create-home --home-dir /storage --shell /usr/sbin/nologin shop \
    && install -d -o shop -g shop -m 0750 /storage /scratch /rails /rails/storage
COPY --from=built /app /app
COPY deploy/clubfront /usr/local/bin/clubfront
COPY deploy/hooks /hooks

ENV HOST=0.0.0.0 PORT=80 CLUBFRONT_DATA=/storage PYTHONDONTWRITEBYTECODE=1
USER shop
WORKDIR /app
VOLUME /storage
EXPOSE 80
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=180s --start-interval=1s --retries=3 \
    CMD ["/app/.venv/bin/python", "/app/deploy/healthy.py"]
# tini takes leave of what has ended: the database's processes are not the shop's own children.
ENTRYPOINT ["tini", "--", "clubfront"]
CMD ["serve", "--take-over"]
