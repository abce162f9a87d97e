"""Small datasets in memory."""

from .mini_immuno import get_dataset1 as small_dataset1
from .mini_immuno import get_dataset2 as small_dataset2

__all__ = ["anndata_with_obs", "small_dataset1", "small_dataset2"]

# Numbers of human Ensembl genes.
_GENES = (
    "3 5 419 457 460 938 971 1036 1084 1167 1460 1461 1497 1561 1617 1626 1629 1630 1631 2016 2079 2330 2549 2586 2587 2726 2745 "
    "2746 2822 2834 2919 2933 3056 3096 3137 3147 3249 3393 3400 3402 3436 3509 3756 3987 3989 4059 4139 4142 4399 4455 4468 4478 "
    "4487 4534 4660 4700 4766 4776 4777 4779 4799 4809 4838 4846 4848 4864 4866 4897 4939 4948 4961 4975 5001 5007 5020 5022 5059 "
    "5073 5075 5100 5102 5108 5156 5175 5187 5189 5194 5206 5238 5243 5249 5302 5339 5379 5381 5421 5436 5448 5469 5471"
)
_CELLS = {
    "cell_type": ("T cell", "hematopoietic stem cell", "hepatocyte", "my new cell type"),
    "cell_type_id": ("CL:0000084", "CL:0000037", "CL:0000182", ""),
    "tissue": ("kidney", "liver", "heart", "brain"),
    "disease": ("chronic kidney disease", "liver lymphoma", "cardiac ventricle disorder", "Alzheimer disease"),
}


def anndata_with_obs():
    """An AnnData of 40 cells and 100 genes without counts, whose `obs` says cell type, tissue and disease.

    Example:

        >>> ln.examples.datasets.anndata_with_obs().shape
        (40, 100)
    """
    import anndata
    import numpy
    import pandas

    obs = pandas.DataFrame({name: values * 10 for name, values in _CELLS.items()}, index=[f"obs{n}" for n in range(40)])
    genes = [f"ENSG{int(number):011}" for number in _GENES.split()]
    return anndata.AnnData(X=numpy.zeros((40, len(genes)), dtype="float32"), obs=obs, var=pandas.DataFrame(index=genes))
