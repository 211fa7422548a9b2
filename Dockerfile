# .dockerignore is the list of what comes in. The first stage keeps what only the build needs.
FROM python:3.11-slim AS build
WORKDIR /srv/tavusweb
COPY requirements/base.txt requirements/base.txt
RUN python -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/base.txt \
    && .venv/bin/pip uninstall --yes --quiet pip setuptools
COPY . .
# The static files are part of the image, so that every web process serves the same ones.
# Django writes them for their owner alone, here root; they are read by another user.
# The bytecode is made here too: a root file system that is read-only takes none later.
RUN SECRET_KEY=build FIELD_KEYS=MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA= \
    TAVUSWEB_HOME=/tmp/build STATIC_ROOT=/srv/static .venv/bin/python manage.py collectstatic --no-input \
    && chmod -R a+rX,go-w /srv \
    && .venv/bin/python -m compileall -q tavusweb \
    && rm -r requirements

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TAVUSWEB_HOME=/data STATIC_ROOT=/srv/static
RUN useradd --system --uid 10001 --no-create-home tavusweb && install -d -m 700 -o tavusweb -g tavusweb /data
COPY --from=build /srv /srv
WORKDIR /srv/tavusweb
# A number, so that whoever runs the image can tell that it is not root.
USER 10001
VOLUME /data
EXPOSE 8000

# exec form: the signal to stop must reach the main process and only that.
CMD [".venv/bin/python", "-m", "gunicorn", "--config", "python:tavusweb.launch.gunicorn_conf", "--bind", "0.0.0.0:8000"]
