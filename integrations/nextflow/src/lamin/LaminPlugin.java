package lamin;

import nextflow.plugin.BasePlugin;
import org.pf4j.PluginWrapper;

/** What Nextflow loads; the work is done by the observer that the factory makes for each run. */
public class LaminPlugin extends BasePlugin {
    public LaminPlugin(PluginWrapper wrapper) {
        super(wrapper);
    }
}
