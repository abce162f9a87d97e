package lamin;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import nextflow.Session;
import nextflow.trace.TraceObserver;
import nextflow.trace.TraceObserverFactory;
import org.pf4j.Extension;

/** Makes the observer of a run, unless the configuration says `lamin.enabled = false`. */
@Extension
public class LaminFactory implements TraceObserverFactory {
    @Override
    public Collection<TraceObserver> create(Session session) {
        Object scope = session.getConfig().get("lamin");
        Map<?, ?> config = scope instanceof Map ? (Map<?, ?>) scope : Map.of();
        if (Boolean.FALSE.equals(config.get("enabled")) || session.getWorkflowMetadata() != null && session.getWorkflowMetadata().isPreview()) return List.of();
        return List.of(new LaminObserver(config));
    }
}
