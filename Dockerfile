# One image for every part: the command says which (see docker-compose.yml).
FROM python:3.12-slim

RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.9
WORKDIR /app

# Only the locked versions, only what the service needs to run; a change of code alone reuses this layer.
COPY pyproject.toml requirements.lock ./
RUN uv pip install --system --no-cache --constraint requirements.lock --requirement pyproject.toml

COPY . .
RUN uv pip install --system --no-cache --no-deps --editable . \
 && useradd --system --create-home outreach \
 && install --directory --owner=outreach /data

USER outreach
ENV OUTREACH_DATA_DIR=/data OUTREACH_HOST=0.0.0.0 OUTREACH_LOG_FORMAT=json
VOLUME /data
EXPOSE 8000
CMD ["outreach", "serve"]
