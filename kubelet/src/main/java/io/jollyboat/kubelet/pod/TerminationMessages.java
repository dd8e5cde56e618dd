package io.jollyboat.kubelet.pod;

import io.jollyboat.cri.v1.ContainerStatus;
import io.jollyboat.cri.v1.Mount;
import io.jollyboat.kubelet.cri.CriLabels;
import io.jollyboat.kubelet.logs.LogTail;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What a container left behind as its last words: the file of its termination message path, or its log's end. */
public class TerminationMessages {
    private static final int MAX_BYTES = 4096;
    private static final int MAX_LOG_BYTES = 2048;
    private static final int MAX_LOG_LINES = 80;

    String of(ContainerStatus status) {
        String path = status.getAnnotationsOrDefault(CriLabels.TERMINATION_MESSAGE_PATH, "");
        if (path.isEmpty()) {
            return status.getMessage();
        }
        String written = written(status, path);
        boolean fromLog = status.getAnnotationsOrDefault(CriLabels.TERMINATION_MESSAGE_POLICY, "")
                        .equals("FallbackToLogsOnError")
                && status.getExitCode() != 0;
        if (written.isEmpty() && fromLog && !status.getLogPath().isEmpty()) {
            written = LogTail.of(Path.of(status.getLogPath()), MAX_LOG_LINES, MAX_LOG_BYTES);
        }
        if (written.isEmpty() || status.getMessage().isEmpty()) {
            return written.isEmpty() ? status.getMessage() : written;
        }
        return status.getMessage() + ": " + written;
    }

    private static String written(ContainerStatus status, String path) {
        for (Mount mount : status.getMountsList()) {
            if (mount.getContainerPath().equals(path)) {
                return read(mount.getHostPath());
            }
        }
        return "";
    }

    private static String read(String file) {
        try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
            long from = Math.max(0, in.length() - MAX_BYTES);
            byte[] bytes = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "Error on reading termination log " + file + ": " + e.getMessage();
        }
    }
}
