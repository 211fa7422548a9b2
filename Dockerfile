FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TAVUSWEB_HOME=/data STATIC_ROOT=/srv/static
WORKDIR /srv/tavusweb

COPY requirements/base.txt requirements/base.txt
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt

COPY . .
# The static files are part of the image, so that every web process serves the same ones.
RUN SECRET_KEY=build FIELD_KEYS=MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA= \
    .venv/bin/python manage.py collectstatic --no-input \
    && useradd --create-home tavusweb && mkdir -p /data && chown tavusweb /data
USER tavusweb
VOLUME /data
EXPOSE 8000

# exec form: the signal to stop must reach the main process and only that.
CMD [".venv/bin/python", "-m", "gunicorn", "--config", "python:tavusweb.launch.gunicorn_conf", "--bind", "0.0.0.0:8000"]
