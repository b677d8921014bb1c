{{- define "dlr-exporter.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains "dlr-exporter" .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-dlr-exporter" .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "dlr-exporter.serviceAccountName" -}}
{{- if .Values.serviceAccount.name -}}
{{- .Values.serviceAccount.name -}}
{{- else if .Values.serviceAccount.create -}}
{{- include "dlr-exporter.fullname" . -}}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{- /* The name is the job in Prometheus, which the alerts name: it is the chart's, whatever the release is called. */ -}}
{{- define "dlr-exporter.selectorLabels" -}}
app.kubernetes.io/name: dlr-exporter
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "dlr-exporter.labels" -}}
{{ include "dlr-exporter.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "dlr-exporter.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{- /* The files that the exporter is configured by. */ -}}
{{- define "dlr-exporter.configFiles" -}}
{{- if hasKey .Values.configFiles "dlr-exporter.yaml" -}}
{{- fail "configFiles has dlr-exporter.yaml, which is made of config: put it there" -}}
{{- end -}}
dlr-exporter.yaml: |
  {{- toYaml .Values.config | nindent 2 }}
{{- range $name, $text := .Values.configFiles }}
{{ $name }}: |
  {{- $text | nindent 2 }}
{{- end }}
{{- end -}}
