package lamin;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import nextflow.Session;
import nextflow.processor.TaskHandler;
import nextflow.processor.TaskProcessor;
import nextflow.processor.TaskRun;
import nextflow.script.WorkflowMetadata;
import nextflow.script.params.FileOutParam;
import nextflow.script.params.ValueInParam;
import nextflow.trace.TraceObserver;
import nextflow.trace.TraceRecord;

/**
 * Sees a run of Nextflow and imports it when it ends.
 *
 * The workflow's run exists from the start and is named in the environment of all tasks: what programs in them track is
 * part of it. A task is identified by its work folder, which a cached task shares with the execution that made it.
 */
class LaminObserver implements TraceObserver {
    private final Map<?, ?> config;
    private Session session;
    private Lamin lamin;
    private TraceWriter trace;
    private volatile String error;

    LaminObserver(Map<?, ?> config) {
        this.config = config;
    }

    @Override
    public void onFlowCreate(Session session) {
        this.session = session;
        guarded(() -> {
            WorkflowMetadata workflow = session.getWorkflowMetadata();
            Path folder = workflow.getLaunchDir().toAbsolutePath();
            lamin = new Lamin(config, folder);
            try {
                trace = new TraceWriter(folder.resolve(".nextflow/lamin/" + workflow.getRunName() + ".jsonl"));
            } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
            }
            Map<String, Object> line = new LinkedHashMap<>(Map.of("format", "lamin-trace", "version", 1));
            line.put("workflow", described(workflow, folder));
            trace.write(line);
            String uid = lamin.importTrace(trace.file, true);
            if (uid != null) nameRun(uid);
        });
    }

    /** Programs in tasks are told which run they are part of, and that they have none of their own yet. */
    @SuppressWarnings("unchecked")
    private void nameRun(String uid) {
        Map<String, Object> all = (Map<String, Object>) session.getConfig();
        Map<String, Object> env = all.get("env") instanceof Map ? (Map<String, Object>) all.get("env") : new LinkedHashMap<>();
        env.put("LAMIN_INITIATED_BY_RUN_UID", uid);
        env.put("LAMIN_RUN", "none");
        all.put("env", env);
    }

    private Map<String, Object> described(WorkflowMetadata workflow, Path folder) {
        Map<String, Object> of = new LinkedHashMap<>();
        of.put("engine", Map.of("name", "nextflow", "version", String.valueOf(workflow.getNextflow().getVersion())));
        of.put("id", session.getUniqueId() + "/" + workflow.getRunName());
        of.put("run_name", workflow.getRunName());
        if (workflow.getRepository() != null) {
            of.put("name", workflow.getProjectName());
            of.put("repository", workflow.getRepository());
            of.put("revision", workflow.getCommitId());
        }
        if (workflow.getScriptFile() != null) of.put("script", workflow.getScriptFile().toAbsolutePath().toString());
        if (workflow.getManifest() != null) of.put("version", workflow.getManifest().getVersion());
        of.put("command", workflow.getCommandLine());
        of.put("folder", folder.toString());
        of.put("params", session.getParams());
        of.put("started_at", workflow.getStart().toInstant().toString());
        of.put("status", "running");
        of.put("process", ProcessHandle.current().pid());
        try {
            of.put("host", InetAddress.getLocalHost().getHostName());
        } catch (IOException unknown) {
            of.put("host", "");
        }
        String environment = "nextflow==" + workflow.getNextflow().getVersion() + "\njava==" + System.getProperty("java.version") + "\nprofile: " + workflow.getProfile()
            + "\ncontainer engine: " + workflow.getContainerEngine() + "\n";
        of.put("environment", Map.of("name", "environment.txt", "text", environment));
        of.put("details", Map.of("session", session.getUniqueId().toString(), "resume", session.isResumeMode(), "work_folder", TraceWriter.place(session.getWorkDir())));
        return of;
    }

    @Override
    public void onProcessComplete(TaskHandler handler, TraceRecord record) {
        guarded(() -> trace.write(Map.of("task", described(handler.getTask(), record, false))));
    }

    @Override
    public void onProcessCached(TaskHandler handler, TraceRecord record) {
        // Of a task whose results are kept elsewhere (storeDir) nothing is known.
        if (handler != null && record != null) guarded(() -> trace.write(Map.of("task", described(handler.getTask(), record, true))));
    }

    private Map<String, Object> described(TaskRun task, TraceRecord record, boolean cached) {
        Path folder = task.getWorkDir();
        Map<String, Object> of = new LinkedHashMap<>();
        of.put("id", folder.getParent().getFileName() + "" + folder.getFileName());
        of.put("process", task.getProcessor().getName());
        of.put("name", task.getName());
        of.put("cached", cached);
        of.put("folder", TraceWriter.place(folder));
        of.put("source", quietly(() -> task.getProcessor().getTaskBody().getSource()));
        of.put("command", quietly(() -> cached ? record.get("script") : task.getScript()));
        of.put("container", quietly(task::getContainer));
        of.put("params", values(task));
        of.put("inputs", paths(task.getInputFilesMap().values()));
        of.put("outputs", outputs(task));
        Object status = record.get("status");
        boolean completed = cached || "COMPLETED".equals(status);
        of.put("status", completed ? "completed" : "ABORTED".equals(status) ? "aborted" : "failed");
        Integer exit = task.getExitStatus();
        if (exit != null && exit != Integer.MAX_VALUE) of.put("exit", exit);
        Object attempt = record.get("attempt");
        of.put("attempt", attempt instanceof Number ? ((Number) attempt).intValue() : 1);
        of.put("started_at", time(record.get("start")) == null ? time(record.get("submit")) : time(record.get("start")));
        of.put("finished_at", time(record.get("complete")));
        if (!completed) of.put("log", Map.of("name", "command.log.txt", "text", log(folder)));
        Map<String, Object> measured = new LinkedHashMap<>();
        for (String name : List.of("realtime", "%cpu", "peak_rss", "peak_vmem", "rchar", "wchar", "cpus", "memory")) {
            if (record.get(name) != null) measured.put(name, record.get(name));
        }
        Map<String, Object> details = new LinkedHashMap<>(Map.of("measured", measured));
        Object conda = quietly(() -> task.getConfig().get("conda"));
        if (conda != null) details.put("conda", conda.toString());
        of.put("details", details);
        return of;
    }

    private static Map<String, Object> values(TaskRun task) {
        Map<String, Object> all = new LinkedHashMap<>();
        task.getInputsByType(ValueInParam.class).forEach((param, value) -> all.put(param.getName(), value));
        return all;
    }

    private static List<String> outputs(TaskRun task) {
        List<Object> all = new ArrayList<>();
        task.getOutputsByType(FileOutParam.class).values().forEach(all::add);
        return paths(all);
    }

    private static List<String> paths(Collection<?> values) {
        List<String> all = new ArrayList<>();
        for (Object value : values) {
            if (value instanceof Path) all.add(TraceWriter.place((Path) value));
            else if (value instanceof Collection) all.addAll(paths((Collection<?>) value));
        }
        return all;
    }

    private static String time(Object millis) {
        long at = millis instanceof Number ? ((Number) millis).longValue() : 0;  // 0: it did not begin
        return at > 0 ? Instant.ofEpochMilli(at).toString() : null;
    }

    private static String log(Path folder) {
        try {
            String text = Files.readString(folder.resolve(".command.log"));
            return text.length() > 1 << 20 ? text.substring(text.length() - (1 << 20)) : text;
        } catch (IOException none) {
            return "";
        }
    }

    @Override
    public void onFilePublish(Path destination, Path source) {
        guarded(() -> trace.write(Map.of("output", Map.of("path", TraceWriter.place(destination), "source", TraceWriter.place(source)))));
    }

    @Override
    public void onFlowError(TaskHandler handler, TraceRecord record) {
        guarded(() -> error = session.getWorkflowMetadata().getErrorReport());
    }

    @Override
    public void onFlowComplete() {
        guarded(() -> {
            Map<String, Object> of = new LinkedHashMap<>();
            boolean failed = error != null || session.getError() != null || session.getFault() != null;
            of.put("status", session.isSuccess() && !failed ? "completed" : failed ? "failed" : "aborted");
            of.put("finished_at", Instant.now().toString());
            of.put("params", session.getParams());  // those that the script sets are known now
            String report = error != null ? error : session.getWorkflowMetadata().getErrorReport();
            if (report == null && session.getError() != null) report = session.getError().toString();
            if (report != null) of.put("log", Map.of("name", "log.txt", "text", report));
            trace.write(Map.of("workflow", of));
            lamin.importTrace(trace.file, false);
        });
    }

    /** Whatever goes wrong here is not the workflow's business. */
    private void guarded(Runnable work) {
        try {
            if (trace != null || lamin == null) work.run();
        } catch (RuntimeException | LinkageError failure) {
            Lamin.warn("an event was not recorded: " + failure);
        }
    }

    private static Object quietly(Supplier<?> value) {
        try {
            return value.get();
        } catch (RuntimeException none) {
            return null;
        }
    }

    @Override
    public void onFlowBegin() {}

    @Override
    public void onProcessCreate(TaskProcessor process) {}

    @Override
    public void onProcessTerminate(TaskProcessor process) {}

    @Override
    public void onProcessPending(TaskHandler handler, TraceRecord record) {}

    @Override
    public void onProcessSubmit(TaskHandler handler, TraceRecord record) {}

    @Override
    public void onProcessStart(TaskHandler handler, TraceRecord record) {}

    @Override
    public boolean enableMetrics() {
        return true;
    }

    @Override
    public void onWorkflowPublish(Object value) {}

    @Override
    public void onFilePublish(Path destination) {}
}
